using 'main.bicep'

// What `azd up` deploys: dev.bicepparam, or prod.bicepparam.
extends 'dev.bicepparam'
