"""ancadmin: administers mass membership."""

__version__ = "0.1.0"
