"""The runs that a visitor can choose: shipped, opened, trained."""
