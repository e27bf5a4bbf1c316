"""What the team is told at once, and how it is put."""
