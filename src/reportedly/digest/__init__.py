"""What changed in a ledger since a day, as one page that names who says each thing."""
