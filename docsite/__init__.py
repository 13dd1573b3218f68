"""What the documentation site is made with: `make docs`. Nothing here is shipped."""
