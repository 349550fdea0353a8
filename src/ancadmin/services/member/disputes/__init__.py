"""What members say is wrong on record: lodged with proof, accepted or rejected."""
