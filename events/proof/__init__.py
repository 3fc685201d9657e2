"""The proof: hashing, signing, the Merkle log and its checkpoints. Pure: bytes in, bytes or a verdict out."""
