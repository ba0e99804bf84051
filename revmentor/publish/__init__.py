"""The only room that writes files: atomic writes, restricted folders, pages, the manifest."""
