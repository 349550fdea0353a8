"""Bank statements, one file a format (docs/rules.md, section 4.1): accounts, their lines as columns, what adds up."""
