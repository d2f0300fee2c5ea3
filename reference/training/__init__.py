"""Ways to fit parameters, through torch.optim: the witness of manual_bp.training."""
