"""What helps creators to write: rules and words. Pure: no database."""
