"""`gradcheck fix`: what it mends, what it says where it cannot, and that it writes nothing by itself."""
