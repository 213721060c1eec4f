"""Knowledge: articles and passages, how they are found, and answers that cite them."""
