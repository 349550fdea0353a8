"""Cost-comparison sheets: opened, filled in, submitted, approved (docs/rules.md, section 8)."""
