"""What a person types: one file a noun, each parsing, calling a service and showing the answer."""
