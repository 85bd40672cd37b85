"""What every page is made of: templates with their parts, one sheet of styles, tables, and what a page rests on."""
