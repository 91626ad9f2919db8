"""What is measured on codes, and the geometry of latent spaces: arrays in, arrays out."""
