"""What a release is made with: `make wheels`, `make sbom`, `make release-notes`. Nothing here is shipped."""
