"""Networks of this package trained on real data: ``python -m manual_bp.train NAME``.

The data are bundled with scikit-learn, or are `text.txt` beside this file: the Declaration of Independence, the opening
of the Constitution of the United States with the Bill of Rights, Lincoln's second inaugural and Gettysburg addresses.
All of them are in the public domain. Left out are one grievance of the Declaration and, of the second inaugural,
the sentences on offences.
"""
