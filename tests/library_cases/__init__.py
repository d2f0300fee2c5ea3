"""Cases of the library, a file a family; `gradcheck run` judges them beside tests/cases.py."""
