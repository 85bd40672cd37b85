"""The registry in a browser: a module a page, one gate before all of them, and nothing that writes."""
