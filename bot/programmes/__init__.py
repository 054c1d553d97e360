"""Programmes and the sample clinic that are shipped, as YAML files an operator may copy and change."""
