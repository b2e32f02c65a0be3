"""What is done with an open ledger as a whole: linking it, comparing its tellers, laying out its cases and facts."""
