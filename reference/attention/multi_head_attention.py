"""Multi-head attention with a packed projection of its inputs."""

import torch
from torch import Tensor


def multi_head_attention(
    query: Tensor,
    key: Tensor,
    value: Tensor,
    in_proj_weight: Tensor,
    in_proj_bias: Tensor | None,
    out_proj_weight: Tensor,
    out_proj_bias: Tensor | None = None,
    attn_mask: Tensor | None = None,
    key_padding_mask: Tensor | None = None,
    *,
    num_heads: int = 1,
    is_causal: bool = False,
    batch_first: bool = False,
) -> Tensor:
    """PyTorch's own, whose `is_causal` is only a hint that the mask is: here it makes one."""
    if batch_first:
        query, key, value = query.transpose(0, 1), key.transpose(0, 1), value.transpose(0, 1)
    if is_causal:
        later = torch.ones(query.shape[0], key.shape[0], dtype=torch.bool, device=query.device).triu(1)
        if attn_mask is None:
            attn_mask = later
        elif attn_mask.dtype == torch.bool:
            attn_mask = attn_mask | later
        else:
            attn_mask = attn_mask.masked_fill(later, -torch.inf)
    if key_padding_mask is not None and attn_mask is not None and attn_mask.dtype != torch.bool:
        added = torch.zeros_like(key_padding_mask, dtype=query.dtype)
        key_padding_mask = added.masked_fill(key_padding_mask, -torch.inf)
    y, _ = torch.nn.functional.multi_head_attention_forward(
        query,
        key,
        value,
        query.shape[-1],
        num_heads,
        in_proj_weight,
        in_proj_bias,
        None,
        None,
        False,
        0.0,
        out_proj_weight,
        out_proj_bias,
        key_padding_mask=key_padding_mask,
        need_weights=False,
        attn_mask=attn_mask,
    )
    return y.transpose(0, 1) if batch_first else y
