"""Small Qt widgets that know neither document nor backend."""
