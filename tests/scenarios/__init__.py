"""Each file is one promise of the product, kept by the real bot in a workspace of its own."""
