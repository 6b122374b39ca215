"""How people get in: passwords, second factors, and the session a browser keeps."""
