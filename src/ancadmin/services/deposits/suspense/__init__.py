"""Money nobody is credited with: how old it is, and how it moves on."""
