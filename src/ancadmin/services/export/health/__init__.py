"""How branches stand, one paper a branch."""
