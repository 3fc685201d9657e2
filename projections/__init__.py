"""What we can see: views, each rebuildable from nothing."""
