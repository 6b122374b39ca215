"""AWS Security Token Service, version 2011-06-15."""
