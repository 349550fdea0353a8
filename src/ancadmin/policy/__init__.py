"""Reads `policy.toml` into a `Policy`; says which entries are wrong and what belongs there. A section has a reader."""

from ancadmin.policy.load import load_policy, policy_text, policy_version, read_policy

__all__ = ["load_policy", "policy_text", "policy_version", "read_policy"]
