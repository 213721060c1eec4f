"""Search engines behind `kefu.knowledge.passages.PassageIndex`."""
