"""One request's life, the assembly, configuration, HTTP and the command line."""
