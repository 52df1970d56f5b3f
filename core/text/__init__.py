"""Rich text: documents as values, Markdown into documents, documents cut into pages."""
