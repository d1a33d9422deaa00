"""One Qt panel a file; each shows a part of the document and makes commands."""
