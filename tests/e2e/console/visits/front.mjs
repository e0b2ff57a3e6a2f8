// Pages of the front line.
export default [];
