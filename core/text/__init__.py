"""Rich text: documents as values, Markdown parsed into documents, documents cut into pages."""
