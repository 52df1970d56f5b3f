"""The pictures in the documents, drawn from what the renderers send: `make pictures`."""
