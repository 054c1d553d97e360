"""The ways out: each channel turns messages into its provider's requests, and failures into four kinds (`base`)."""
