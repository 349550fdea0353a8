"""The cleanup desk on the whole screen."""
