"""What klint keeps on disk between runs."""
