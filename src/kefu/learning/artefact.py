"""The classifier's artefact, made where scikit-learn may be loaded: in a process that ends afterwards."""

from collections.abc import Callable

from kefu.learning.material import Material


def make_classifier(material: Material, *, progress: Callable[[float, str], None]) -> bytes:
    """What `kefu.understanding.classifier.load_classifier` reads. Raises `PackInvalid`."""
    # Imported here, so that the server, which only names this function, never loads scikit-learn.
    from kefu.learning.train_classifier import train_classifier

    return train_classifier(material, progress=progress).artefact
