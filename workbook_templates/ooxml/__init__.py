"""Office Open XML, one small file a concept: bytes in, bytes out, no entity ever resolved."""
