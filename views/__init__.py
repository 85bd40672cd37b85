"""What people look at: figures drawn as SVG, and what shows them. Nothing is computed here, projections are drawn."""
