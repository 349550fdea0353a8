"""One deposit for many members: who it is for, approved by somebody else; and who pays for others."""
