"""What needs torch: twins and autograd."""
