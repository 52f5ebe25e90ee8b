"""The work of a shop's daily report: plain functions, grouped by what they are about."""
