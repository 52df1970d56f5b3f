"""Every screen and command of every surface in every language, drawn on one page for translators and reviewers."""
