"""The pictures of docs/article.md, each a file here, drawn with the backward passes of `manual_bp`."""
