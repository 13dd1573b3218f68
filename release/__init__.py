"""What a release is made with: `make wheels`, `make release-check`, `make release-notes`. Nothing here is shipped."""
