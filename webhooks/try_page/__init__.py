"""The demo: the real application between doubles of the providers, and phones for it in the browser and the terminal.

What a person types is posted to the real webhooks as the provider posts it, and what is shown is what the real
channels sent. `webhooks.main` takes the commands from here; nothing else imports this package.
"""
