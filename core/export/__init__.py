"""The signers' files: one for a spreadsheet, one for each CRM."""
